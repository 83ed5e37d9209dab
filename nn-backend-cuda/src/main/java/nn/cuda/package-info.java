/** The CUDA backend's provider. */
@NullMarked
package nn.cuda;

import org.jspecify.annotations.NullMarked;
