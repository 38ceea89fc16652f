// The default theme without its fonts: a reader's own fonts need no download.
export { default } from 'vitepress/theme-without-fonts';
