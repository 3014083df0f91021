// The rows of the settings of what the service takes of anybody.

export const limitTable = {
  REQUESTS: { fallback: '512', about: 'requests answered at once; one more gets 503' },
  HEADER_LIMIT: { fallback: '16kb', about: 'greatest length of the headers of a request' },
  HEADERS: { fallback: '100', about: 'greatest number of headers of a request' },
  HEADER_TIMEOUT: { fallback: '30', about: 'seconds in which the headers of a request must be there' },
  REQUEST_TIMEOUT: { fallback: '300', about: 'seconds in which a whole request must be there' },
  KEEP_ALIVE: { fallback: '65', about: 'seconds that a connection stays open without a request' },
  SESSIONS: { fallback: '20', about: 'sessions of the console that a user has at once; the oldest ends' },
  TRUSTED_PROXIES: { about: 'addresses and networks whose X-Forwarded-For is believed, separated by commas' },
} as const;
