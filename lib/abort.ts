/**
 * Obeying an AbortSignal.
 *
 * An abort makes the caller's promise reject at once, with the signal's reason; it closes nothing. What is under way
 * goes on unobserved where it cannot be stopped: a commit may happen all the same.
 */

/**
 * What `work` gives, unless the signal is aborted first.
 *
 * @internal
 */
export async function untilAborted<T>(
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
  onAbort?: (() => void) | undefined,
): Promise<T> {
  if (signal === undefined) return work()
  signal.throwIfAborted()
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => {
      onAbort?.()
      reject(signal.reason)
    }
    signal.addEventListener('abort', abort, { once: true })
    work()
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', abort))
  })
}
