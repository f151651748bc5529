/** Proxies: how a user names one, and what SOCKS5 puts around datagrams. */
@NullMarked
package org.spate.core.proxy;

import org.jspecify.annotations.NullMarked;
