import { type Brand, brandColors } from './brand.ts';

/** The style of the pages, light or dark as the reader's system is. Its sides are logical, for right-to-left text. */
export function pageStyle({ color }: Brand): string {
  return `:root {
  color-scheme: light dark;
  ${brandColors('light', color)};
  --page: #f3f5f8; --text: #1c2128; --muted: #57606a; --edge: #d5dae1; --field: #808a96;
  --bad: #a32018; --bad-surface: #fdf0ee; --good: #1a6b36; --good-surface: #ecf7ef;
}
@media (prefers-color-scheme: dark) {
  :root {
    ${brandColors('dark', color)};
    --page: #121519; --text: #e7ebf0; --muted: #a3adb9; --edge: #333a44; --field: #76808d;
    --bad: #ffb0a8; --bad-surface: #3a1f1f; --good: #8bd6a3; --good-surface: #17301f;
  }
}
*, ::before, ::after { box-sizing: border-box }
[hidden] { display: none !important }
body {
  margin: 0; min-block-size: 100vh; padding: clamp(1rem, 8vh, 5rem) 1rem 2rem;
  background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
header, main { max-inline-size: 27rem; margin-inline: auto }
header { margin-block-end: 1.25rem; text-align: center; font-size: 1.0625rem; font-weight: 600; letter-spacing: -0.01em }
header::before {
  content: ""; display: inline-block; inline-size: 0.75rem; block-size: 0.75rem; margin-inline-end: 0.5rem;
  border-radius: 0.25rem; background: var(--accent);
}
main {
  padding: clamp(1.25rem, 6vw, 2.25rem); background: var(--surface);
  border: 1px solid var(--edge); border-radius: 0.875rem;
  box-shadow: 0 1px 2px rgb(0 0 0 / 0.04), 0 8px 24px rgb(0 0 0 / 0.06);
}
h1 { margin: 0 0 1.25rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.015em; text-wrap: balance }
p, ul { margin: 0 0 1.25rem }
main > :last-child, form > :last-child { margin-block-end: 0 }
label { display: block; margin-block-end: 0.375rem; font-weight: 550 }
input:not([type=checkbox]) {
  display: block; inline-size: 100%; min-block-size: 2.875rem; margin-block-end: 1rem; padding: 0.5rem 0.75rem;
  font: inherit; color: inherit; background: var(--surface); border: 1px solid var(--field); border-radius: 0.5rem;
}
input[readonly]:not([type=checkbox]) { background: var(--page); border-color: var(--edge); color: var(--muted) }
input[aria-invalid=true] { border-color: var(--bad); box-shadow: 0 0 0 1px var(--bad) }
label.choice { display: flex; align-items: center; gap: 0.5rem; min-block-size: 1.5rem; margin-block-end: 1.25rem; font-weight: 400 }
label.choice input { inline-size: 1.125rem; block-size: 1.125rem; margin: 0; accent-color: var(--accent); flex: none }
ul { padding-inline-start: 1.125rem; color: var(--muted); font-size: 0.9375rem }
li + li { margin-block-start: 0.125rem }
button, a.button {
  display: block; inline-size: 100%; min-block-size: 2.875rem; padding: 0.625rem 1rem;
  font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer;
  color: var(--on-accent); background: var(--accent); border: 1px solid transparent; border-radius: 0.5rem;
}
button:hover, a.button:hover { text-decoration: underline; text-underline-offset: 0.2em }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
[role=alert], [role=status] { padding: 0.75rem 1rem; border-inline-start: 4px solid; border-radius: 0.375rem }
[role=alert] { color: var(--bad); background: var(--bad-surface) }
[role=status] { color: var(--good); background: var(--good-surface) }
[role=alert]:focus { outline: 2px solid var(--bad); outline-offset: 0 }`;
}
