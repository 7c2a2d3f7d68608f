import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Page = HtmlEscapedString | Promise<HtmlEscapedString>;

/** The frame of every page a person sees while connecting: readable on any phone, in the dark, by a screen reader, without scripts. */
export const layout = (title: string, content: Page): Page => html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>${title}</title>
    <style>
      :root { color-scheme: light dark; --text: #1c2530; --back: #f6f7f9; --card: #fff; --action: #0b5a3c; --on-action: #fff; }
      @media (prefers-color-scheme: dark) { :root { --text: #eef1f4; --back: #14181d; --card: #1e242b; --action: #8fd6b4; --on-action: #0a2418; } }
      body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--text); font: 1.0625rem/1.5 system-ui, sans-serif; }
      main { box-sizing: border-box; width: min(30rem, 100vw); padding: 2rem; background: var(--card); border-radius: 0.75rem; }
      h1 { margin: 0 0 1rem; font-size: 1.375rem; line-height: 1.25; }
      h2 { margin: 1.5rem 0 0; font-size: 1.0625rem; }
      ul { list-style: none; margin: 1rem 0 0; padding: 0; }
      li { margin-bottom: 1rem; }
      li span { display: block; margin-top: 0.25rem; font-size: 0.9375rem; }
      a.action { display: block; padding: 0.75rem 1rem; border-radius: 0.5rem; background: var(--action); color: var(--on-action); text-align: center; text-decoration: none; font-weight: 600; }
      a { color: inherit; }
      a:focus-visible { outline: 3px solid var(--text); outline-offset: 2px; }
      p.quiet { margin-top: 1.5rem; font-size: 0.9375rem; }
    </style>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${content}
    </main>
  </body>
</html>`;
