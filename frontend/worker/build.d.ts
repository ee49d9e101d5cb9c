// Filled in by `cargo xtask build`.

/** The name of this build: another one for every change of any file. */
declare const ALLOT_BUILD: string;
/** The paths of the files that this build's pages need: hashed ones, icons, the manifest. */
declare const ALLOT_FILES: string[];
