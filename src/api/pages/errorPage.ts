import { html } from 'hono/html';
import { layout, type Page } from './layout';

/** What a person sees whose browser was sent here and could not be served. @param status HTTP */
export const errorPage = (status: number): Page =>
  status === 503
    ? layout('Just a moment', html`<p role="alert">The service is not reachable right now. Please reload this page in a few seconds.</p>`)
    : layout('That did not work', html`<p role="alert">Please go back to the app you came from and try again.</p>`);
