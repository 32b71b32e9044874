/** Raised with every change that an older peer cannot understand. Both sides refuse another number. */
export const PROTOCOL_VERSION = 6;
