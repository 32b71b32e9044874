/** What programs read of the system's settings. No keys, no names of other users' things. */
export const systemSettings: readonly string[] = [
  '/etc/ld.so.cache',
  '/etc/ld.so.conf',
  '/etc/ld.so.conf.d',
  '/etc/alternatives',
  '/etc/localtime',
  '/etc/nsswitch.conf',
  '/etc/passwd',
  '/etc/group',
  '/etc/ssl/openssl.cnf', // Node does not start without
  '/etc/mime.types',
];
