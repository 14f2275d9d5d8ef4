/** The API versions that this org supports. */
export const MIN_API_VERSION = 31;
export const MAX_API_VERSION = 67;
