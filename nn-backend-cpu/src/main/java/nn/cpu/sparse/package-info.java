/** Products with a sparse factor, as max pooling leaves one behind. */
@NullMarked
package nn.cpu.sparse;

import org.jspecify.annotations.NullMarked;
