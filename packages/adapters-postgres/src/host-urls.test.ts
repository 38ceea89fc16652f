import { describe, expect, it } from 'vitest';
import { hostUrls } from './host-urls.ts';

describe('hostUrls', () => {
  it.each([
    'postgres://me:p@db.internal:6432/app?application_name=a+b',
    'postgres://me:p,w@db.internal/a,b?options=-c search_path=a,b',
    'postgresql:///app?host=/run/pg&port=6432',
    'postgres://me:p@localhost/app?host=/run/pg',
    'postgres:///app',
  ])('leaves a URL of one host as it is: %s', (url) => {
    expect(hostUrls(url)).toEqual([url]);
  });

  it.each<[url: string, urls: readonly string[]]>([
    ['postgres://me:p,w@a:5432,b:5433/app', ['postgres://me:p,w@a:5432/app', 'postgres://me:p,w@b:5433/app']],
    ['postgres://a,b:6432', ['postgres://a', 'postgres://b:6432']],
    ['postgres://[2001:db8::1]:1,[::1],10.0.0.1/x', ['[2001:db8::1]:1', '[::1]', '10.0.0.1'].map(inPlace)],
    ['postgres://a,b,a/x', ['a', 'b'].map(inPlace)],
    ['postgres://%2Frun%2Fa,%2Frun%2Fb/x', ['%2Frun%2Fa', '%2Frun%2Fb'].map(inPlace)],
    ['postgres://a,b/x?port=6432', ['a', 'b'].map((host) => `${inPlace(host)}?port=6432`)],
    ['postgres://a,b/x?port=1,2', ['postgres://a/x?port=1', 'postgres://b/x?port=2']],
    ['postgres:///x?host=a,b&port=,2', ['postgres:///x?host=a', 'postgres:///x?host=b&port=2']],
    ['postgres:///x?host=/a,/b', ['postgres:///x?host=%2Fa', 'postgres:///x?host=%2Fb']],
    ['postgres://a,b/x?application_name=1+2%203', ['a', 'b'].map((host) => `${inPlace(host)}?application_name=1+2+3`)],
  ])('gives each host of %s a URL', (url, urls) => {
    expect(hostUrls(url)).toEqual(urls);
  });

  it('refuses ports that do not match the hosts', () => {
    expect(() => hostUrls('postgres://a,b,c/x?port=1,2')).toThrow(RangeError);
  });
});

const inPlace = (host: string) => `postgres://${host}/x`;
