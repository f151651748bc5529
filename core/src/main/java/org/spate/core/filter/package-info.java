/** Addresses that no link is wanted with, and the lists that name them. */
@NullMarked
package org.spate.core.filter;

import org.jspecify.annotations.NullMarked;
