/** Tensors, the autograd tape, and the flat storage of parameters. */
@NullMarked
package nn.tensor;

import org.jspecify.annotations.NullMarked;
