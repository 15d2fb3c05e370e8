// Whether a history of list appends can have happened one transaction after the other: Elle's way, in plain code.
//
// A transaction appends values to lists, each value once in the whole history, and reads lists. A list tells in which
// order its values were appended, so from what was read follows who came before whom:
//
//   ww  who appended a value comes before who appended the next
//   wr  who appended the last value of a list comes before who read that list
//   rw  who read a list comes before who appended the value that it does not have yet
//   rt  who was done comes before who had not begun
//
// A cycle means that there is no order. Serializable in real time: no cycle. Snapshot isolation: no cycle with fewer
// than two rw in it.

/**
 * The edges of a history.
 *
 * @param history `{id, status, begun, done, ops}` of each transaction: status `ok` or `unknown` (it may have happened);
 *   ops are `['append', key, value]` and `['read', key, list]` in their order
 * @param finals the lists as they are at the end, by key
 * @returns edges `[from, to, kind]` between indices of the history; from its length on they are moments
 * @throws where a read shows what no order can explain
 */
export function edgesOf(history, finals) {
  const writer = new Map()
  history.forEach(({ ops }, index) => {
    for (const [kind, key, value] of ops) if (kind === 'append') writer.set(`${key} ${value}`, index)
  })
  const edges = []
  const writerOf = (key, value) => {
    const index = writer.get(`${key} ${value}`)
    if (index === undefined) throw new Error(`list ${key} has ${value}, which nobody appended`)
    return index
  }
  for (const [key, list] of finals) {
    if (new Set(list).size !== list.length) throw new Error(`list ${key} has a value twice: ${list}`)
    for (let at = 1; at < list.length; at++) edges.push([writerOf(key, list[at - 1]), writerOf(key, list[at]), 'ww'])
  }
  history.forEach(({ status, ops, id }, index) => {
    const own = new Map()
    for (const [kind, key, value] of ops) {
      if (kind === 'append') {
        own.set(key, [...(own.get(key) ?? []), value])
        if (status === 'ok' && !finals.get(key)?.includes(value)) throw new Error(`${id}: its ${value} in list ${key} is lost`)
        continue
      }
      const mine = own.get(key) ?? []
      const others = value.slice(0, value.length - mine.length)
      if (value.slice(others.length).join() !== mine.join()) throw new Error(`${id}: does not see its own ${mine} in ${value}`)
      const final = finals.get(key) ?? []
      if (final.slice(0, others.length).join() !== others.join()) {
        throw new Error(`${id}: list ${key} was read as ${others}, it is ${final}`)
      }
      if (others.length > 0) {
        const last = writerOf(key, others.at(-1))
        edges.push([last, index, 'wr'])
        checkNotIntermediate(history[last], key, others.at(-1))
      }
      // Its own next value comes after its own reading in any case.
      const next = final[others.length]
      if (next !== undefined) edges.push([index, writerOf(key, next), 'rw'])
    }
  })
  return [...edges.filter(([from, to]) => from !== to), ...moments(history)]
}

/** Nobody may read what a transaction appends on after. */
function checkNotIntermediate({ id, ops }, key, value) {
  const appended = ops.filter(([kind, other]) => kind === 'append' && other === key)
  if (appended.at(-1)[2] !== value) throw new Error(`list ${key} was read in the midst of ${id}`)
}

/** Real time, as a chain of moments: who is done comes before the next moment, which comes before who begins then. */
function moments(history) {
  const first = history.length
  const events = history
    .flatMap(({ begun, done, status }, index) => [
      { at: begun, index, begins: true },
      ...(status === 'ok' ? [{ at: done, index, begins: false }] : []),
    ])
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : a.begins === b.begins ? 0 : a.begins ? -1 : 1))
  const edges = []
  let moment = first
  for (const { index, begins } of events) {
    if (begins) {
      if (moment > first) edges.push([moment, index, 'rt'])
    } else {
      edges.push([index, moment + 1, 'rt'])
      if (moment > first) edges.push([moment, moment + 1, 'rt'])
      moment += 1
    }
  }
  return edges
}

function neighbours(edges) {
  const next = new Map()
  for (const [from, to, kind] of edges) {
    if (!next.has(from)) next.set(from, [])
    next.get(from).push([to, kind])
  }
  return next
}

/** A shortest way from one node to another, as `[node, kind]` steps; undefined if there is none. */
function way(next, from, to) {
  const cameBy = new Map([[from, undefined]])
  let border = [from]
  while (border.length > 0) {
    const further = []
    for (const node of border) {
      for (const [other, kind] of next.get(node) ?? []) {
        if (cameBy.has(other)) continue
        cameBy.set(other, [node, kind])
        if (other === to) {
          const steps = []
          for (let at = to; at !== from; at = cameBy.get(at)[0]) steps.unshift([at, cameBy.get(at)[1]])
          return steps
        }
        further.push(other)
      }
    }
    border = further
  }
  return undefined
}

/** A cycle, told in words; undefined if there is none. */
export function anyCycle(history, edges) {
  // Nodes without an edge that comes in are taken away until only cycles, and what they lead to, are left.
  const next = neighbours(edges)
  const incoming = new Map()
  for (const [from, to] of edges) {
    incoming.set(to, (incoming.get(to) ?? 0) + 1)
    if (!incoming.has(from)) incoming.set(from, 0)
  }
  const free = [...incoming].filter(([, count]) => count === 0).map(([node]) => node)
  while (free.length > 0) {
    const node = free.pop()
    incoming.delete(node)
    for (const [to] of next.get(node) ?? []) {
      incoming.set(to, incoming.get(to) - 1)
      if (incoming.get(to) === 0) free.push(to)
    }
  }
  for (const node of incoming.keys()) {
    for (const [to, kind] of next.get(node) ?? []) {
      const back = to === node ? [] : way(next, to, node)
      if (back !== undefined) return told(history, [[to, kind], ...back])
    }
  }
  return undefined
}

/** A cycle with one rw at most; undefined if there is none. */
export function cycleOfOneRw(history, edges) {
  const others = edges.filter(([, , kind]) => kind !== 'rw')
  const plain = anyCycle(history, others)
  if (plain !== undefined) return plain
  const next = neighbours(others)
  for (const [from, to] of edges.filter(([, , kind]) => kind === 'rw')) {
    const back = way(next, to, from)
    if (back !== undefined) return told(history, [[to, 'rw'], ...back])
  }
  return undefined
}

function told(history, steps) {
  return steps.map(([node, kind]) => `-${kind}-> ${history[node]?.id ?? 'time'}`).join(' ')
}
