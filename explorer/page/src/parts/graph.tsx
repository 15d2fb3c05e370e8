/**
 * Tuples as a graph: from the first column to the last one, by what is between.
 */

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from 'd3-force'
import type { SimulationLinkDatum, SimulationNodeDatum } from 'd3-force'
import { useMemo, useRef, useState } from 'preact/hooks'

import { typeOf, type WireItem } from '../../../wire/items.js'
import { formatItem, formatTuple } from '../../../wire/text.js'
import { count } from './numbers.js'

/** More cannot be made out. */
const NODES_MAX = 150
const TICKS = 300
const LABEL_MAX = 22
const RADIUS = 5
const MARGIN = 40

interface Node extends SimulationNodeDatum {
  readonly id: string
  readonly item: WireItem
  degree: number
}

interface Edge extends SimulationLinkDatum<Node> {
  readonly source: Node
  readonly target: Node
  readonly label: string
}

interface Drawn {
  readonly nodes: readonly Node[]
  readonly edges: readonly Edge[]
  readonly box: readonly [x: number, y: number, width: number, height: number]
  readonly cut: boolean
}

function layOut(tuples: readonly (readonly WireItem[])[]): Drawn {
  const nodes = new Map<string, Node>()
  const edges = new Map<string, Edge>()
  let cut = false
  const nodeOf = (item: WireItem): Node | undefined => {
    const id = formatTuple([item])
    const known = nodes.get(id)
    if (known !== undefined) return known
    if (nodes.size === NODES_MAX) {
      cut = true
      return undefined
    }
    const node: Node = { id, item, degree: 0 }
    nodes.set(id, node)
    return node
  }
  for (const tuple of tuples) {
    const source = nodeOf(tuple[0] as WireItem)
    const target = nodeOf(tuple.at(-1) as WireItem)
    if (source === undefined || target === undefined || tuple.length === 1) continue
    const label = tuple.slice(1, -1).map(formatItem).join(', ')
    const id = JSON.stringify([source.id, label, target.id])
    if (edges.has(id)) continue
    edges.set(id, { source, target, label })
    source.degree += 1
    target.degree += 1
  }
  const list = [...nodes.values()]
  const links = [...edges.values()]
  const simulation = forceSimulation(list)
    .force('links', forceLink<Node, Edge>(links).distance(90).strength(0.5))
    .force('apart', forceManyBody().strength(-260))
    .force('collide', forceCollide(22))
    .force('x', forceX().strength(0.05))
    .force('y', forceY().strength(0.09))
    .stop()
  simulation.tick(TICKS)
  return { nodes: list, edges: links, box: boxOf(list), cut }
}

function boxOf(nodes: readonly Node[]): Drawn['box'] {
  const [xs, ys] = [nodes.map(({ x = 0 }) => x), nodes.map(({ y = 0 }) => y)]
  const [left, top] = [Math.min(0, ...xs) - MARGIN, Math.min(0, ...ys) - MARGIN]
  // Labels stand to the right of their nodes.
  return [left, top, Math.max(0, ...xs) + 2.5 * MARGIN - left, Math.max(0, ...ys) + MARGIN - top]
}

const shortened = (text: string): string => (text.length > LABEL_MAX ? `${text.slice(0, LABEL_MAX - 1)}…` : text)

/** The graph of tuples. */
export function Graph({ tuples }: { tuples: readonly (readonly WireItem[])[] }) {
  const key = JSON.stringify(tuples)
  const drawn = useMemo(() => layOut(tuples), [key])
  const [near, setNear] = useState<string>()
  const [zoom, setZoom] = useState(1)
  const [moved, setMoved] = useState<readonly [number, number]>([0, 0])
  const svg = useRef<SVGSVGElement>(null)
  const { nodes, edges, box, cut } = drawn
  const [width, height] = [box[2] / zoom, box[3] / zoom]
  const [x, y] = [box[0] + (box[2] - width) / 2 - moved[0], box[1] + (box[3] - height) / 2 - moved[1]]
  const neighbours = new Set(
    edges.flatMap(({ source, target }) => (source.id === near || target.id === near ? [source.id, target.id] : [])),
  )
  const labelled = edges.length <= 40
  const scale = (by: number): void => setZoom((before) => Math.min(8, Math.max(0.5, before * by)))
  const drag = (event: PointerEvent): void => {
    if (event.buttons !== 1 || svg.current === null) return
    const unit = width / svg.current.clientWidth
    setMoved(([dx, dy]) => [dx + event.movementX * unit, dy + event.movementY * unit])
  }
  return (
    <figure class={`graph ${near === undefined ? '' : 'focused'}`}>
      <svg
        ref={svg}
        viewBox={`${x} ${y} ${width} ${height}`}
        role="img"
        aria-label={`A graph of ${count(nodes.length, 'node')} and ${count(edges.length, 'edge')}`}
        onPointerMove={drag}
        onWheel={(event) => {
          event.preventDefault()
          scale(event.deltaY < 0 ? 1.15 : 1 / 1.15)
        }}
      >
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="15" refY="4" markerWidth="6" markerHeight="6" orient="auto-start-reverse">
            <path d="M0 0.8 L8 4 L0 7.2 z" />
          </marker>
        </defs>
        {edges.map(({ source, target, label }) => (
          <g class={`edge ${source.id === near || target.id === near ? 'near' : ''}`}>
            <line x1={source.x} y1={source.y} x2={target.x} y2={target.y} marker-end="url(#arrow)" />
            {labelled && (
              <text x={((source.x ?? 0) + (target.x ?? 0)) / 2} y={((source.y ?? 0) + (target.y ?? 0)) / 2 - 3}>
                {shortened(label)}
              </text>
            )}
          </g>
        ))}
        {nodes.map(({ id, item, x = 0, y = 0, degree }) => (
          <g
            class={`node ${typeOf(item)} ${neighbours.has(id) || id === near ? 'near' : ''}`}
            onPointerEnter={() => setNear(id)}
            onPointerLeave={() => setNear(undefined)}
          >
            <title>{formatItem(item)}</title>
            <circle cx={x} cy={y} r={RADIUS + Math.min(6, Math.sqrt(degree))} />
            <text x={x + RADIUS + Math.min(6, Math.sqrt(degree)) + 4} y={y + 4}>
              {shortened(formatItem(item))}
            </text>
          </g>
        ))}
      </svg>
      <figcaption class="muted">
        {count(nodes.length, 'node')}, {count(edges.length, 'edge')}
        {cut && `; the first ${NODES_MAX} nodes only`}
        <span class="buttons">
          <button type="button" class="quiet" aria-label="Larger" onClick={() => scale(1.3)}>
            +
          </button>
          <button type="button" class="quiet" aria-label="Smaller" onClick={() => scale(1 / 1.3)}>
            −
          </button>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              setZoom(1)
              setMoved([0, 0])
            }}
          >
            fit
          </button>
        </span>
      </figcaption>
    </figure>
  )
}
