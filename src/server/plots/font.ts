/** The one font that pictures are drawn with, from dejavu-fonts-ttf. */
export const fontFamily = 'DejaVu Sans'
