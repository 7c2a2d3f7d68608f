/** Whether two texts name one organisation or team: the case of an id does not matter. */
export const sameId = (one: string, other: string | undefined): boolean => one.toLowerCase() === other?.toLowerCase();
