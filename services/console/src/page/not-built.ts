/** What a browser shows when the page is missing. */
export const NOT_BUILT = `The page of the console was not built: services/console/dist/web is missing.

Build it in the project's folder, then load this address again:

    npm run build

The API answers meanwhile: /openapi.json lists its addresses.
`;
