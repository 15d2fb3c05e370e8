/**
 * Tabs: the arrow keys go from one to the next.
 */

interface TabsProps<Id extends string> {
  readonly label: string
  readonly tabs: readonly { readonly id: Id; readonly name: string; readonly disabled?: boolean }[]
  readonly chosen: Id
  choose(id: Id): void
}

/** A row of tabs. */
export function Tabs<Id extends string>({ label, tabs, chosen, choose }: TabsProps<Id>) {
  const move = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const open = tabs.filter(({ disabled }) => !disabled)
    const at = open.findIndex(({ id }) => id === chosen)
    const next = open[(at + step + open.length) % open.length]
    if (next === undefined) return
    event.preventDefault()
    choose(next.id)
    event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map(({ id, name, disabled }) => (
        <button
          type="button"
          role="tab"
          data-tab={id}
          aria-selected={id === chosen}
          tabIndex={id === chosen ? 0 : -1}
          disabled={disabled}
          onClick={() => choose(id)}
        >
          {name}
        </button>
      ))}
    </div>
  )
}
