/** The folder that the library is in. */
export declare const directory: string

/** The library's path. */
export declare const path: string

export default path
