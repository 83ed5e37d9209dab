/** Training: recorded steps, epochs, evaluation, listeners, model files. */
@NullMarked
package nn.train;

import org.jspecify.annotations.NullMarked;
