import { type Brand, brandColors } from '../pages/brand.ts';

/** What is added to the style of Swagger UI: the dialog, visible focus, and colours that can be read. */
export function docsStyle({ color }: Brand): string {
  return `:root { ${brandColors('light', color)} }
:root.dark-mode { ${brandColors('dark', color)} }
:focus-visible { outline: 3px solid var(--accent) !important; outline-offset: 2px }
dialog.authorize {
  box-sizing: border-box; inline-size: min(26rem, 100vw - 2rem); padding: 1.75rem; border: 1px solid #8886; border-radius: 0.875rem;
  background: var(--surface); color: inherit; font: 1rem/1.5 system-ui, sans-serif; color: light-dark(#1c2128, #e7ebf0);
}
dialog.authorize::backdrop { background: rgb(0 0 0 / 0.5) }
dialog.authorize h2 { margin: 0 0 1rem; font-size: 1.375rem }
dialog.authorize label { display: block; margin: 0 0 0.375rem; font-weight: 600; color: inherit }
dialog.authorize input {
  box-sizing: border-box; inline-size: 100%; min-block-size: 2.75rem; margin: 0 0 1rem; padding: 0.5rem 0.75rem;
  font: inherit; color: inherit; background: transparent; border: 1px solid #76808d; border-radius: 0.5rem;
}
dialog.authorize [role=alert]:empty { display: none }
dialog.authorize [role=alert] { margin: 0 0 1rem; padding: 0.625rem 0.875rem; border-inline-start: 4px solid; color: light-dark(#a32018, #ffb0a8) }
dialog.authorize .authorize-buttons { display: flex; gap: 0.75rem }
dialog.authorize .btn { flex: 1; min-block-size: 2.75rem; font: inherit; font-weight: 600; color: inherit; border: 1px solid #76808d; border-radius: 0.5rem; background: transparent; box-shadow: none }
dialog.authorize .btn.primary { color: var(--on-accent); background: var(--accent); border-color: transparent }
`;
}
