/** Figures drawn by hand: one model, painted as SVG, as PNG, or into an HTML page. */
@NullMarked
package org.spate.app.chart;

import org.jspecify.annotations.NullMarked;
