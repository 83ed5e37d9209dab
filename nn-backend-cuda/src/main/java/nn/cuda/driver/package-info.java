/**
 * The CUDA driver and NVRTC through JCuda, as few objects that own what they hold. Nothing else but
 * {@code nn.cuda.blas} and {@code nn.cuda.natives} names JCuda's classes.
 */
@NullMarked
package nn.cuda.driver;

import org.jspecify.annotations.NullMarked;
