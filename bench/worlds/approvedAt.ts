import { decide } from '../../simulator/approve';

/** Signs a person in and approves, as their browser would. @returns when they had, and were sent back: Unix milliseconds */
export async function approvedAt(linkUrl: string, person: string): Promise<number> {
  const link = await fetch(linkUrl, { redirect: 'manual' });
  const back = await decide(link.headers.get('location') ?? '', person, 'approve');
  const approved = Date.now();
  const answer = await fetch(back);
  if (!answer.ok) throw new Error(`the way back ended with ${answer.status}`);
  return approved;
}
