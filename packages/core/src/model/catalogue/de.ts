import type { Words } from './words.ts';

/** German. */
export const de: Words = {
  letters: {
    'verify-email': {
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      paragraphs: [
        'Mit dieser Adresse wurde ein Konto registriert. Bitte bestätigen Sie, dass die Adresse Ihnen gehört.',
      ],
      action: { label: 'Adresse bestätigen', page: 'verify-email' },
      otherwise: 'Wenn Sie sich nicht registriert haben, ignorieren Sie diese Mail. Ohne Bestätigung geschieht nichts.',
    },
    'reset-password': {
      subject: 'Wählen Sie ein neues Passwort',
      paragraphs: ['Für Ihr Konto wurde ein neues Passwort angefordert.'],
      action: { label: 'Neues Passwort wählen', page: 'reset-password' },
      otherwise: 'Wenn Sie es nicht angefordert haben, ignorieren Sie diese Mail. Ihr Passwort bleibt unverändert.',
    },
    'change-email': {
      subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
      paragraphs: ['Sie möchten diese Adresse für Ihr Konto verwenden.'],
      action: { label: 'Adresse bestätigen', page: 'verify-email' },
      otherwise: 'Wenn Sie das nicht veranlasst haben, ignorieren Sie diese Mail. Ohne Bestätigung ändert sich nichts.',
    },
    'email-change-requested': {
      subject: 'Ihre E-Mail-Adresse soll geändert werden',
      paragraphs: [
        'Mit Ihrem Passwort wurde beantragt, die E-Mail-Adresse Ihres Kontos zu ändern. Die Änderung wird wirksam, wenn die neue Adresse bestätigt ist.',
      ],
      otherwise:
        'Wenn Sie das nicht veranlasst haben, ändern Sie sofort Ihr Passwort. Damit enden alle Ihre Sitzungen.',
    },
    invitation: {
      subject: 'Sie sind eingeladen',
      paragraphs: ['Für Sie wurde ein Konto angelegt. Um es zu nutzen, wählen Sie ein Passwort.'],
      action: { label: 'Passwort wählen', page: 'reset-password' },
      otherwise:
        'Wenn Sie diese Mail nicht erwartet haben, ignorieren Sie sie. Ohne Passwort kann das Konto nicht genutzt werden.',
    },
    'session-stolen': ({ reason }) => ({
      subject: 'Wir haben eine Sitzung Ihres Kontos beendet',
      paragraphs: [
        reason === 'guessing'
          ? 'In einer Sitzung Ihres Kontos wurde das aktuelle Passwort zehnmal nacheinander falsch eingegeben. Vielleicht rät jemand, der die Sitzung hat, aber nicht Ihr Passwort. Deshalb haben wir die Sitzung beendet.'
          : 'Eine Sitzung Ihres Kontos wurde mit einem bereits benutzten Schlüssel fortgesetzt. Das geschieht, wenn der Schlüssel kopiert wurde. Deshalb haben wir die Sitzung auf allen Geräten beendet, die ihn benutzt haben.',
      ],
      otherwise: 'Melden Sie sich wieder an. Wenn Sie unsicher sind, ändern Sie auch Ihr Passwort.',
    }),
    'email-changed': {
      subject: 'Ihre E-Mail-Adresse wurde geändert',
      paragraphs: [
        'Die E-Mail-Adresse Ihres Kontos wurde durch eine andere ersetzt. Mails zu Ihrem Konto gehen von nun an dorthin.',
      ],
      otherwise: 'Wenn Sie das nicht veranlasst haben, wenden Sie sich sofort an den Betreiber dieses Dienstes.',
    },
    'password-changed': {
      subject: 'Ihr Passwort wurde geändert',
      paragraphs: ['Das Passwort Ihres Kontos wurde geändert, und alle Sitzungen sind beendet.'],
      otherwise:
        'Wenn Sie es nicht geändert haben, setzen Sie es sofort zurück, und prüfen Sie, ob eine andere Person Ihre Mails liest.',
    },
    'account-deactivated': {
      subject: 'Ihr Konto wurde deaktiviert',
      paragraphs: [
        'Ihr Konto wurde deaktiviert, und alle Sitzungen sind beendet. Es kann nicht genutzt werden, bis es wieder aktiviert wird.',
      ],
      otherwise: 'Wenn Sie das nicht veranlasst haben, wenden Sie sich an den Betreiber dieses Dienstes.',
    },
    'account-closed': {
      subject: 'Ihr Konto wurde geschlossen',
      paragraphs: [
        'Ihr Konto wurde geschlossen. Seine Daten werden gelöscht, und diese Adresse ist für ein neues Konto frei.',
      ],
      otherwise: 'Wenn Sie es nicht geschlossen haben, wenden Sie sich an den Betreiber dieses Dienstes.',
    },
  },
  shared: {
    greeting: (name) => (name === undefined ? 'Guten Tag,' : `Guten Tag ${name},`),
    validity: (until, once) => `Der Link ist bis ${until} gültig${once ? ' und funktioniert einmal' : ''}.`,
  },
  pages: {
    'reset-password': {
      title: 'Passwort wählen',
      newPassword: 'Neues Passwort',
      button: 'Passwort setzen',
      rules: ({ minLength, maxLength, passphraseLength }) => [
        `${minLength} bis ${maxLength} Zeichen`,
        `Mindestens eine Ziffer oder ein Sonderzeichen, außer ab ${passphraseLength} Zeichen`,
        'Nicht nur Ziffern',
        'Nicht Ihr Name, Ihre Adresse, der Name dieses Dienstes oder ein häufiges Passwort',
      ],
      showPassword: 'Passwort anzeigen',
      doneTitle: 'Passwort gesetzt',
      done: 'Sie können sich mit Ihrem neuen Passwort anmelden. Alle früheren Sitzungen sind beendet.',
      email: 'E-Mail-Adresse',
      requestLink: 'Neuen Link senden',
      linkRequested: 'Wenn zu dieser Adresse ein Konto gehört, ist ein neuer Link dorthin unterwegs.',
    },
    'verify-email': {
      title: 'E-Mail-Adresse bestätigen',
      button: 'Bestätigen',
      doneTitle: 'Vielen Dank',
      done: 'Ihre Adresse ist bestätigt. Sie können diese Seite schließen.',
      email: 'E-Mail-Adresse',
      requestLink: 'Neuen Link senden',
      linkRequested:
        'Wenn diese Adresse zu einem Konto gehört und noch nicht bestätigt ist, ist ein neuer Link dorthin unterwegs.',
    },
  },
  everyPage: {
    errorTitle: (title) => `Fehler: ${title}`,
    offerLink:
      'Links gelten nur eine begrenzte Zeit, manche nur einmal. Geben Sie Ihre Adresse ein, um einen neuen zu erhalten.',
    linkRequestedTitle: 'Sehen Sie in Ihren Mails nach',
    continueTo: (name) => (name === undefined ? 'Weiter zur App' : `Weiter zu ${name}`),
    foreignForm: 'Dieses Formular kam von einer fremden Seite. Öffnen Sie den Link in Ihrer Mail noch einmal',
    unreadableForm: 'Das Formular ist nicht lesbar. Öffnen Sie den Link in Ihrer Mail noch einmal',
    failure: 'Etwas ist schiefgegangen. Bitte versuchen Sie es später wieder',
  },
  refusals: {
    'Invalid or expired token': 'Der Link ist ungültig oder abgelaufen',
    'Too many attempts, try again later': 'Zu viele Versuche, bitte versuchen Sie es später wieder',
    'The service is temporarily unavailable': 'Der Dienst ist vorübergehend nicht verfügbar',
    'Field required': 'Bitte füllen Sie dieses Feld aus',
    'Must be a string': 'Muss ein Text sein',
    'Must be well-formed Unicode without NUL': 'Muss gültiges Unicode ohne NUL sein',
    'Must be an e-mail address': 'Muss eine E-Mail-Adresse sein',
    'Must be at least 8 characters': 'Muss mindestens 8 Zeichen lang sein',
    'Must be at most 128 characters': 'Darf höchstens 128 Zeichen lang sein',
    'Password cannot be only numbers': 'Das Passwort darf nicht nur aus Ziffern bestehen',
    'Password must include at least one number': 'Das Passwort muss mindestens eine Ziffer enthalten',
    'Password cannot be the e-mail address': 'Das Passwort darf nicht die E-Mail-Adresse sein',
    'Password cannot be the name': 'Das Passwort darf nicht der Name sein',
    'Password cannot be the name of this service': 'Das Passwort darf nicht der Name dieses Dienstes sein',
    'Password is among the most common ones': 'Das Passwort gehört zu den häufigsten',
  },
};
