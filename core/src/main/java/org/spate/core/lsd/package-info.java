/** Local service discovery (BEP 14): finding peers in the same network by multicast. */
@NullMarked
package org.spate.core.lsd;

import org.jspecify.annotations.NullMarked;
