/** What the constant answer contains: as much as the answers of the others. */
export const user = {
  id: 1,
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  age: 36,
  city: 'London',
  role: 'user',
  is_active: true,
  email_verified: false,
  created_at: '2026-01-01T00:00:00.000Z',
};
