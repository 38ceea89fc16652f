/** Where a file of the repository can be read by those who have only the installed package. */
export const documentUrl = (path: string): string => `https://github.com/sallyport/sallyport/blob/main/${path}`;
