/** For tests of types: the compiler is what runs them. */

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Compiles if the two types are the same. */
export type Exactly<A, B> = Equal<A, B> extends true ? true : never

/** What an async iterable gives. */
export type Given<I> = I extends AsyncIterable<infer T> ? T : never

/** Takes only `true`, so that a type that is not as expected does not compile. */
export function holds<T extends true>(...checks: T[]): void {
  void checks
}
