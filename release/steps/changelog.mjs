const titles = { major: 'Breaking changes', minor: 'New', patch: 'Fixed' };

/**
 * The section of the change log for a release: what each changeset says, the greatest changes first.
 *
 * @param {object} plan of `@changesets/get-release-plan`
 * @param {string} date
 * @returns {string}
 */
export function sectionOf({ changesets, releases: [{ newVersion }] }, date) {
  const parts = Object.entries(titles).flatMap(([type, title]) => {
    const entries = changesets.filter((changeset) => greatest(changeset) === type).map(entryOf);
    return entries.length > 0 ? [`### ${title}\n\n${entries.join('\n')}\n`] : [];
  });
  return [`## ${newVersion} (${date})\n`, ...parts].join('\n');
}

function greatest({ releases }) {
  return Object.keys(titles).find((type) => releases.some((release) => release.type === type));
}

function entryOf({ summary, releases }) {
  const names = releases.map(({ name }) => name.slice(name.indexOf('/') + 1));
  return `- ${summary.trim().replaceAll('\n', '\n  ')} (${names.join(', ')})`;
}
