/**
 * The interface between the framework and the devices: buffers, layouts, three verbs (gemm,
 * elementwise, reduce), and the choice of a backend.
 */
@NullMarked
package nn.backend;

import org.jspecify.annotations.NullMarked;
