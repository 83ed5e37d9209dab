/** Pictures: axes with curves, panels, contour lines, histograms. */
@NullMarked
package nn.examples.chart;

import org.jspecify.annotations.NullMarked;
