import CRSVG

extension SVGDocument {
  /// The picture as a PNG file, drawn by librsvg.
  ///
  /// - Throws: ``RenderingError`` when librsvg or cairo fails.
  public func png() throws(RenderingError) -> [UInt8] {
    let document = Array(text.utf8)
    var problem: UnsafeMutablePointer<GError>?
    let handle = unsafe rsvg_handle_new_from_data(document, gsize(document.count), &problem)
    guard let handle = unsafe handle else { throw unsafe RenderingError(taking: problem) }
    defer { unsafe g_object_unref(handle) }
    let surface = unsafe cairo_image_surface_create(
      CAIRO_FORMAT_ARGB32, Int32(width), Int32(height))
    defer { unsafe cairo_surface_destroy(surface) }
    let context = unsafe cairo_create(surface)
    defer { unsafe cairo_destroy(context) }
    var viewport = RsvgRectangle(x: 0, y: 0, width: Double(width), height: Double(height))
    guard unsafe rsvg_handle_render_document(handle, context, &viewport, &problem) != 0 else {
      throw unsafe RenderingError(taking: problem)
    }
    var bytes: [UInt8] = []
    let status = unsafe withUnsafeMutablePointer(to: &bytes) { output in
      unsafe cairo_surface_write_to_png_stream(
        surface,
        { output, data, count in
          guard let output = unsafe output, let data = unsafe data else {
            return CAIRO_STATUS_WRITE_ERROR
          }
          unsafe output.assumingMemoryBound(to: [UInt8].self).pointee.append(
            contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, output)
    }
    guard status == CAIRO_STATUS_SUCCESS else {
      throw unsafe RenderingError(reason: String(cString: cairo_status_to_string(status)))
    }
    return bytes
  }
}
