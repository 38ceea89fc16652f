/**
 * Lets the reader see the password that they type. Where scripts do not run, its control stays hidden. The field is one
 * for passwords again when the form is sent, so that browsers do not offer the password as a text typed before.
 */
export const showPasswordScript = `const field = document.getElementById('new_password');
const choice = document.getElementById('show_password');
const apply = () => { field.type = choice.checked ? 'text' : 'password'; };
choice.addEventListener('change', apply);
field.form.addEventListener('submit', () => { field.type = 'password'; });
addEventListener('pageshow', () => { choice.checked = false; apply(); });
choice.parentElement.hidden = false;`;
