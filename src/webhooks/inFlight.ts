/** Limits how many posts one endpoint has from this process at a time. */
export interface InFlight {
  /** @returns a function that gives the place back, or null if none came free before `until` (Unix milliseconds) */
  enter(endpointId: string, until: number): Promise<(() => void) | null>;
}

interface Place {
  taken: number;
  readonly waiting: ((leave: () => void) => void)[];
}

export const POSTS_IN_FLIGHT = 8;

export function createInFlight(most: number): InFlight {
  const places = new Map<string, Place>();

  function leaveOnce(endpointId: string, place: Place): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = place.waiting.shift();
      if (next) return next(leaveOnce(endpointId, place));
      place.taken--;
      if (place.taken === 0) places.delete(endpointId);
    };
  }

  return {
    enter(endpointId, until) {
      const place = places.get(endpointId) ?? { taken: 0, waiting: [] };
      places.set(endpointId, place);
      if (place.taken < most) {
        place.taken++;
        return Promise.resolve(leaveOnce(endpointId, place));
      }
      return new Promise((resolve) => {
        const enter = (leave: () => void): void => {
          clearTimeout(timer);
          resolve(leave);
        };
        const timer = setTimeout(() => {
          place.waiting.splice(place.waiting.indexOf(enter), 1);
          resolve(null);
        }, until - Date.now());
        place.waiting.push(enter);
      });
    },
  };
}
