/** Losses: what training makes small. */
@NullMarked
package nn.loss;

import org.jspecify.annotations.NullMarked;
