import { Problem } from '../problems';
import type { ConnectedPerson } from './connectPerson';
import type { ContinuoApi } from './continuoApi';

/** Asks for what came while nothing ran; otherwise it would come with the next poll, which may be minutes away. */
export async function fetchMissed(api: ContinuoApi, { userId, isNew }: ConnectedPerson): Promise<void> {
  if (isNew) return;
  try {
    await api.refresh(userId);
  } catch (error) {
    // An API that is just being started again: the next poll brings it.
    if (!(error instanceof Problem)) throw error;
  }
}
