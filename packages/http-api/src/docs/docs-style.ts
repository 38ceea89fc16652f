import { type Brand, brandColors } from '../pages/brand.ts';

/** The colours of Swagger UI in its light style that are too pale to be read (WCAG 2.2, level AA), and darker ones. */
const darker = `.swagger-ui .info .title small { background: #5b6270 }
.swagger-ui .info .title small.version-stamp { background: #4a6b00 }
.swagger-ui .info a, .swagger-ui .info .url { color: var(--accent) }
.swagger-ui .btn.authorize { color: #1a6f44; border-color: #1a6f44 }
.swagger-ui .btn.authorize svg { fill: #1a6f44 }
.swagger-ui .btn.execute { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
.swagger-ui .btn.cancel, .swagger-ui .try-out__btn.cancel { color: #b3261e; border-color: #b3261e }
.swagger-ui .download-contents, .swagger-ui .copy-to-clipboard { background: #5b6270 }
.swagger-ui .opblock-post .opblock-summary-method { background: #1d7a4b }
.swagger-ui .opblock-get .opblock-summary-method { background: #1f66b0 }
.swagger-ui .opblock-patch .opblock-summary-method { background: #0f7565 }
.swagger-ui .opblock-put .opblock-summary-method { background: #96580a }
.swagger-ui .opblock-delete .opblock-summary-method { background: #c22424 }
.swagger-ui .json-schema-2020-12-expand-deep-button { color: #5b6270 }`;

/** What is added to the style of Swagger UI: the dialog of Authorize, visible focus, and colours that can be read. */
export function docsStyle({ color }: Brand): string {
  return `:root { ${brandColors('light', color)}; --ink: #1c2128; --line: #808a96; --bad: #a32018 }
:root.dark-mode { ${brandColors('dark', color)}; --ink: #e7ebf0; --line: #76808d; --bad: #ffb0a8 }
:focus-visible { outline: 3px solid var(--accent) !important; outline-offset: 2px }
:root:not(.dark-mode) {
${darker}
}
.swagger-ui .microlight span[style*="(211, 99, 99)"] { color: #ff9d9d !important }
.swagger-ui .microlight, .swagger-ui .microlight code {
  max-height: none !important; overflow: visible !important; white-space: pre-wrap !important; overflow-wrap: anywhere;
}
.swagger-ui .response-col_links { display: none }
.swagger-ui .headers-wrapper .header-col { color: inherit; overflow-wrap: anywhere }
.swagger-ui .headers-wrapper .headers, .swagger-ui .headers-wrapper .headers :is(tbody, tr, td) { display: block; inline-size: auto }
.swagger-ui .headers-wrapper .headers thead { display: none }
.swagger-ui .wrapper { padding-inline: clamp(0.5rem, 2vw, 1.25rem) }
.swagger-ui dialog.account {
  position: fixed; inset: 0; margin: auto; box-sizing: border-box; inline-size: min(26rem, 100vw - 2rem); padding: 1.75rem;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  color: var(--ink); background: var(--surface); border: 1px solid var(--line); border-radius: 0.875rem;
}
.swagger-ui dialog.account::backdrop { background: rgb(0 0 0 / 0.5) }
.swagger-ui dialog.account h2 { margin: 0 0 1.25rem; font: inherit; font-size: 1.375rem; font-weight: 650; color: inherit }
.swagger-ui dialog.account label { display: block; margin: 0 0 0.375rem; font: inherit; font-weight: 550; color: inherit }
.swagger-ui dialog.account input {
  display: block; box-sizing: border-box; inline-size: 100%; max-inline-size: none; min-block-size: 2.875rem; margin: 0 0 1rem;
  padding: 0.5rem 0.75rem; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 0.5rem;
}
.swagger-ui dialog.account p { margin: 0 0 1.25rem; font: inherit; color: inherit; overflow-wrap: anywhere }
.swagger-ui dialog.account p[role=alert] { padding: 0.625rem 0.875rem; color: var(--bad); border-inline-start: 4px solid }
.swagger-ui dialog.account p[role=alert]:empty { display: none }
.swagger-ui dialog.account .auth-btn-wrapper { display: flex; flex-wrap: wrap; justify-content: start; gap: 0.75rem; padding: 0 }
.swagger-ui dialog.account button {
  flex: 1; min-block-size: 2.875rem; padding: 0.5rem 1rem; font: inherit; font-weight: 600; cursor: pointer;
  color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 0.5rem;
}
.swagger-ui dialog.account button.primary { color: var(--on-accent); background: var(--accent); border-color: transparent }
`;
}
