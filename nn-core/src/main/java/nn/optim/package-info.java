/** Optimizers, regularizers and learning-rate schedules: expressions and functions, no devices. */
@NullMarked
package nn.optim;

import org.jspecify.annotations.NullMarked;
