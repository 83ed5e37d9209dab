/** Pictures of trainings. */
@NullMarked
package nn.examples.chart;

import org.jspecify.annotations.NullMarked;
