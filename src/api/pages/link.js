/*
 * Connects a person's glucose monitor in a pop-up: Continuo.open(linkToken, { onSuccess, onExit, onError }).
 * Call it from a click. Where pop-ups are blocked the page itself goes there and comes back at the link token's redirect_url. The engine talks
 * to pages only whose origin is on the team's list of redirect URLs. Needs nothing else; leaves nothing behind but `Continuo`.
 */
(() => {
  const engine = new URL('.', document.currentScript.src);
  const LOOK_EVERY_MS = 300;
  /** A message may arrive after its sender has closed. */
  const LAST_WORDS_MS = 700;
  let forget = () => undefined;

  const pageOf = (linkToken) => {
    const page = new URL('link', engine);
    page.searchParams.set('token', linkToken);
    return page;
  };

  const popUp = (page) => {
    const [width, height] = [Math.min(520, screen.availWidth), Math.min(760, screen.availHeight)];
    const [left, top] = [screenX + (outerWidth - width) / 2, screenY + (outerHeight - height) / 2];
    return window.open(page, 'continuo-link', `popup,width=${width},height=${height},left=${left},top=${top}`);
  };

  /** Each attempt calls one of the three, once: a new one ends the one before in silence. @returns what closes the pop-up again */
  const open = (linkToken, { onSuccess, onExit, onError } = {}) => {
    forget();
    const page = pageOf(linkToken);
    page.searchParams.set('opener', location.origin);
    const popup = popUp(page);
    if (!popup || popup.closed) {
      location.assign(pageOf(linkToken));
      return { close: () => undefined };
    }

    const end = (callback, result) => {
      forget();
      callback?.(result);
    };
    const hear = ({ source, origin, data }) => {
      if (source !== popup || origin !== engine.origin || data?.from !== 'continuo') return;
      const { state, errorType, error } = data;
      if (state === 'success') end(onSuccess, { state });
      else end(errorType === 'user_cancelled' ? onExit : onError, { state, errorType, error });
    };
    const look = () => {
      if (!popup.closed) return;
      clearInterval(looking);
      lastWords = setTimeout(
        () => end(onExit, { state: 'error', errorType: 'user_cancelled', error: 'The window was closed.' }),
        LAST_WORDS_MS,
      );
    };

    let lastWords;
    const looking = setInterval(look, LOOK_EVERY_MS);
    addEventListener('message', hear);
    forget = () => {
      clearInterval(looking);
      clearTimeout(lastWords);
      removeEventListener('message', hear);
      forget = () => undefined;
    };
    popup.focus();
    return { close: () => popup.close() };
  };

  window.Continuo = Object.freeze({ open });
})();
