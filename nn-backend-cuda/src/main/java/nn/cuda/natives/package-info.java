/**
 * Finds NVIDIA's libraries and loads them and JCuda's own natives, so that nobody has to set {@code
 * LD_LIBRARY_PATH}. {@link CudaInstallation} looks and changes nothing; {@link CudaLibraries}
 * loads.
 */
@NullMarked
package nn.cuda.natives;

import org.jspecify.annotations.NullMarked;
