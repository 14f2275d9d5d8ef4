/** The name of each component that calibrate creates starts with this. */
export const PREFIX = 'Calibrate_';

/** The full name of a component of calibrate. */
export const named = (name: string): string => `${PREFIX}${name}`;
