/**
 * Ports that a home router lets through to us: PCP (RFC 6887), NAT-PMP (RFC 6886) and UPnP-IGD.
 * What a gateway says is hostile input like anybody else's.
 */
@NullMarked
package org.spate.core.portmap;

import org.jspecify.annotations.NullMarked;
