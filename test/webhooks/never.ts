/** Stands where the compiler cannot know that something is there: `const [message = never()] = …`. @throws always */
export function never(): never {
  throw new Error('not there');
}
