import { tokenRoute } from '../oauth/endpoints.ts';

/**
 * Starts Swagger UI, in the colours of the reader's system, with a plugin of our own:
 *
 * - A route that anyone may call has no lock, even if it reads a token.
 * - The path of a route is text: a link inside the button that opens the route would confuse screen readers.
 * - The list of servers, which has one, is left out.
 * - Authorize is a dialog that asks for the e-mail address and the password, has the focus, and can be left by Escape.
 *   Ids and classes are those of Swagger UI, which scripts of others may use.
 */
export const startScript = `const dark = matchMedia('(prefers-color-scheme: dark)');
const followSystem = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followSystem);
followSystem();

function accountPlugin({ React }) {
  const h = React.createElement;

  async function requestToken(username, password) {
    const body = new URLSearchParams({ grant_type: 'password', username, password });
    try {
      const response = await fetch('${tokenRoute.path.slice(1)}', { method: 'POST', body });
      const answer = await response.json();
      return response.ok ? { token: answer } : { failure: answer.error_description ?? answer.detail };
    } catch {
      return { failure: 'The server cannot be reached' };
    }
  }

  function AuthorizeDialog({ authActions, authSelectors, specSelectors }) {
    const dialog = React.useRef(null);
    const [failure, setFailure] = React.useState();
    const name = specSelectors.securityDefinitions().findKey((scheme) => scheme.get('type') === 'oauth2');
    const known = authSelectors.authorized().get(name);
    React.useEffect(() => dialog.current.showModal(), []);
    React.useEffect(() => { if (known) dialog.current.querySelector('.btn-done').focus(); }, [known]);
    React.useEffect(() => { if (failure) dialog.current.querySelector('[type=password]').focus(); }, [failure]);
    const close = () => dialog.current.close();

    function logOut() {
      const Authorization = 'Bearer ' + known.getIn(['token', 'access_token']);
      // Without an answer, the session ends by itself later.
      fetch('auth/logout', { method: 'POST', headers: { Authorization } }).catch(() => {});
      authActions.logoutWithPersistOption([name]);
      close();
    }

    async function submit(event) {
      event.preventDefault();
      const { username, password } = event.target.elements;
      setFailure(undefined);
      const { token, failure } = await requestToken(username.value, password.value);
      if (failure) return setFailure(failure);
      const schema = specSelectors.securityDefinitions().get(name);
      authActions.authorizeOauth2WithPersistOption({ auth: { schema, name, username: username.value }, token });
    }

    function field(name, label, attributes) {
      const described = failure ? { 'aria-describedby': 'authorize-failure', 'aria-invalid': true } : {};
      return [
        h('label', { key: name, htmlFor: 'oauth_' + name }, label),
        h('input', { key: name + '-input', id: 'oauth_' + name, name, required: true, ...described, ...attributes }),
      ];
    }

    const form = () => h('form', { onSubmit: submit },
      field('username', 'E-mail', { type: 'email', autoComplete: 'username' }),
      field('password', 'Password', { type: 'password', autoComplete: 'current-password' }),
      h('p', { id: 'authorize-failure', role: 'alert' }, failure),
      h('div', { className: 'auth-btn-wrapper' },
        h('button', { className: 'authorize primary' }, 'Authorize'),
        h('button', { type: 'button', onClick: close }, 'Cancel')));
    const account = () => h(React.Fragment, null,
      h('p', null, 'Requests are sent as ', h('strong', null, known.get('username')), '.'),
      h('div', { className: 'auth-btn-wrapper' },
        h('button', { className: 'btn-done primary', onClick: close }, 'Close'),
        h('button', { onClick: logOut }, 'Log out')));

    return h('dialog', { ref: dialog, className: 'account', 'aria-labelledby': 'authorize-title', onClose: () => authActions.showDefinitions(false) },
      h('h2', { id: 'authorize-title' }, known ? 'Authorized' : 'Authorize'),
      known ? account() : form());
  }

  const withoutLockIfOptional = (Summary) => (props) => {
    const { operationProps } = props;
    const isOptional = operationProps.get('security')?.some((requirement) => requirement.isEmpty());
    return h(Summary, isOptional ? { ...props, operationProps: operationProps.delete('security') } : props);
  };

  const Path = ({ operationProps }) => {
    const path = operationProps.get('path');
    return h('span', { className: 'opblock-summary-path', 'data-path': path }, path.replaceAll('/', '\u200b/'));
  };

  return {
    components: { authorizationPopup: AuthorizeDialog, OperationSummaryPath: Path, ServersContainer: () => null },
    wrapComponents: { OperationSummary: withoutLockIfOptional },
  };
}

SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [accountPlugin],
});
`;
