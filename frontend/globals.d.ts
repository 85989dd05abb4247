/** Hashed file names, put in by build.mjs. */
declare const MAP_WORKER: string;
declare const MAP_STYLES: string;
