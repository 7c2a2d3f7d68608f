/** Error bodies seen instead of `{"error"}`, or used by others to test for them (dexcom-api.md §1.5, F3). */
export const ODD_BODIES = ['description', 'errors', 'message', 'text', 'bytes', 'half'] as const;
export type OddBody = (typeof ODD_BODIES)[number];

const TEXTS: Readonly<Record<Exclude<OddBody, 'bytes'>, string>> = {
  description: JSON.stringify({ error_description: 'Something went wrong' }),
  errors: JSON.stringify({ errors: [{ code: 'E1000', title: 'Something went wrong' }] }),
  message: JSON.stringify({ message: 'Something went wrong' }),
  text: 'NOT JSON',
  half: '{',
};

/** A refusal whose body says nothing in the standard's words; it claims to be JSON all the same. */
export const oddBodyAnswer = (form: OddBody, status: number): Response =>
  new Response(form === 'bytes' ? new Uint8Array([0xff, 0xff, 0xff]) : TEXTS[form], {
    status,
    headers: { 'content-type': 'application/json' },
  });
