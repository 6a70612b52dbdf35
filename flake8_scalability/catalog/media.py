"""Documents, images, sound and video.

`heavy` and `slow` mean what they mean in work.py.  What hands the work to another program (ffmpeg, wkhtmltopdf,
tesseract, poppler, a browser) waits for it: `blocks`.
Sources: pillow.readthedocs.io, docs.opencv.org, doc.courtbouillon.org/weasyprint, docs.reportlab.com,
pypdf.readthedocs.io, pymupdf.readthedocs.io, github.com/madmaze/pytesseract, zulko.github.io/moviepy.
"""

from __future__ import annotations

from flake8_scalability.catalog.rows import Api, Deadline, System

_IMAGE = "processes an image"
_PIL = "PIL.Image.Image()"

IMAGES = (
    # Pillow: opening reads the header only; these work on all pixels (30 to 100 ms for 12 megapixels).
    Api(
        "PIL.Image.{open,new,fromarray,frombytes,frombuffer,merge,blend,composite,alpha_composite}",
        System.CPU,
        returns=_PIL,
    ),
    Api("PIL.Image.Image", System.CPU, fluent=True),
    Api("PIL.Image.Image().{resize,filter}", System.CPU, heavy=_IMAGE, slow=_IMAGE, returns=_PIL),
    Api("PIL.Image.Image().thumbnail", System.CPU, heavy=_IMAGE, slow=_IMAGE),
    Api(
        "PIL.Image.Image().{convert,rotate,transform,quantize,transpose,reduce}",
        System.CPU,
        heavy=_IMAGE,
        returns=_PIL,
    ),
    Api("PIL.Image.Image().save", System.CPU, heavy=_IMAGE),
    Api(
        "PIL.ImageOps.{fit,contain,cover,pad,scale,exif_transpose,autocontrast,equalize,grayscale,invert,posterize}",
        System.CPU,
        heavy=_IMAGE,
        returns=_PIL,
    ),
    # OpenCV: what decodes and encodes, or takes long for each pixel; `resize` and `cvtColor` take a few milliseconds.
    Api("cv2.{imread,imwrite,imdecode,imencode}", System.CPU, heavy=_IMAGE),
    Api(
        "cv2.{fastNlMeansDenoising,fastNlMeansDenoisingColored,bilateralFilter,inpaint,grabCut,matchTemplate}",
        System.CPU,
        heavy=_IMAGE,
    ),
    Api("cv2.CascadeClassifier().detectMultiScale", System.CPU, heavy=_IMAGE),
    Api("cv2.VideoCapture().{read,grab}", System.FILE, blocks=True),
    Api("cv2.VideoWriter().write", System.FILE, heavy="encodes a video"),
    # imageio, Wand (ImageMagick), libvips, scikit-image
    Api("imageio.{,v2.,v3.}{imread,imwrite} skimage.io.{imread,imsave}", System.FILE, heavy=_IMAGE),
    Api("imageio.{,v2.}{mimread,mimwrite,mimsave,volread,volwrite}", System.FILE, heavy=_IMAGE, slow=_IMAGE),
    Api("wand.image.Image().{resize,transform,thumbnail,blur,liquid_rescale}", System.CPU, heavy=_IMAGE, slow=_IMAGE),
    Api("wand.image.Image().{save,make_blob,rotate}", System.CPU, heavy=_IMAGE),
    Api(
        "pyvips.Image.{thumbnail,thumbnail_buffer} pyvips.Image().{write_to_file,write_to_buffer}",
        System.CPU,
        heavy=_IMAGE,
    ),
    Api("pyvips.Image.{new_from_file,new_from_buffer}", System.CPU, returns="pyvips.Image()"),
    Api(
        "skimage.transform.{resize,rescale,rotate,warp} skimage.restoration.{denoise_nl_means,denoise_tv_chambolle}",
        System.CPU,
        heavy=_IMAGE,
    ),
    Api("qrcode.{make,QRCode().make_image}", System.CPU, heavy=_IMAGE),
    Api("cairosvg.svg2{png,pdf,ps}", System.CPU, heavy=_IMAGE),
)

_FIGURE = "draws a figure"

FIGURES = (
    Api("matplotlib.pyplot.savefig matplotlib.figure.Figure().savefig", System.CPU, heavy=_FIGURE),
    Api("matplotlib.pyplot.{figure,gcf}", System.CPU, returns="matplotlib.figure.Figure()"),
    # plotly and bokeh start a browser to make an image.
    Api(
        "plotly.graph_objects.Figure().{to_image,write_image} plotly.io.{to_image,write_image}",
        System.PROCESS,
        blocks=True,
        slow=_FIGURE,
    ),
    Api(
        "plotly.express.{line,bar,scatter,pie,histogram,area,box,imshow,treemap}",
        System.CPU,
        returns="plotly.graph_objects.Figure()",
    ),
    Api("bokeh.io.{,export.}{export_png,export_svgs}", System.PROCESS, blocks=True, slow=_FIGURE),
    Api(
        "wordcloud.{,wordcloud.}WordCloud().{generate,generate_from_text,generate_from_frequencies}",
        System.CPU,
        heavy=_FIGURE,
        slow=_FIGURE,
    ),
    Api("graphviz.{Graph,Digraph,Source}().{render,pipe}", System.PROCESS, blocks=True),
)

_PDF = "renders a PDF"
_READS_PDF = "reads a PDF"
_TO_IMAGES = "turns a PDF into images"
_DOCUMENT = "writes a document"
_CONVERTS = "converts a document"
_OCR = "reads text in an image"

PDFS = (
    Api("weasyprint.HTML().{write_pdf,render} weasyprint.HTML().render().write_pdf", System.CPU, heavy=_PDF, slow=_PDF),
    Api("xhtml2pdf.pisa.{CreatePDF,pisaDocument} xhtml2pdf.document.pisaDocument", System.CPU, heavy=_PDF, slow=_PDF),
    Api(
        "pdfkit.{,api.}from_{url,file,string} imgkit.{,api.}from_{url,file,string}",
        System.PROCESS,
        blocks=True,
        deadline=Deadline(()),
        slow=_PDF,
    ),
    Api(
        "reportlab.platypus.{,doctemplate.}{SimpleDocTemplate,BaseDocTemplate}().{build,multiBuild}",
        System.CPU,
        heavy=_PDF,
        slow=_PDF,
    ),
    Api("reportlab.pdfgen.canvas.Canvas().save", System.CPU, heavy=_PDF, slow=_PDF),
    Api("fpdf.{,fpdf.}FPDF().output", System.CPU, heavy=_PDF, slow=_PDF),
    # Reading and changing
    Api("{pypdf,PyPDF2}.PdfReader PyPDF2.PdfFileReader", System.FILE, heavy=_READS_PDF),
    Api("{pypdf,PyPDF2}.PdfReader().pages[].extract_text", System.CPU, heavy=_READS_PDF),
    Api(
        "{pypdf,PyPDF2}.{PdfWriter,PdfMerger}().write PyPDF2.{PdfFileWriter,PdfFileMerger}().write",
        System.FILE,
        heavy="writes a PDF",
    ),
    Api("pikepdf.{,Pdf.}open", System.FILE, heavy=_READS_PDF, returns="pikepdf.Pdf()"),
    Api("pikepdf.Pdf().save", System.FILE, heavy="writes a PDF"),
    Api(
        "pdfplumber.open().pages[].{extract_text,extract_table,extract_tables,extract_words}",
        System.CPU,
        heavy=_READS_PDF,
        slow=_READS_PDF,
    ),
    Api("pdfplumber.{open,pdf.PDF.open}", System.FILE, heavy=_READS_PDF, returns="pdfplumber.open()"),
    Api(
        "pdfminer.high_level.{extract_text,extract_text_to_fp,extract_pages}",
        System.CPU,
        heavy=_READS_PDF,
        slow=_READS_PDF,
    ),
    # PyMuPDF opens in no time; its pages do the work.
    Api("{fitz,pymupdf}.{open,Document}", System.FILE, returns="pymupdf.Document()"),
    Api("pymupdf.Document().{load_page,new_page}", System.CPU, returns="pymupdf.Document()[]"),
    Api("pymupdf.Document()[].get_pixmap pymupdf.Document().get_page_pixmap", System.CPU, heavy=_TO_IMAGES),
    Api("pymupdf.Document()[].{get_text,find_tables} pymupdf.Document().get_page_text", System.CPU, heavy=_READS_PDF),
    Api("pymupdf.Document().{save,tobytes,ez_save}", System.FILE, heavy="writes a PDF"),
    Api("pymupdf4llm.to_markdown", System.CPU, heavy=_READS_PDF, slow=_READS_PDF),
    Api(
        "pdf2image.{,pdf2image.}{convert_from_path,convert_from_bytes}",
        System.PROCESS,
        blocks=True,
        deadline=Deadline(),
        slow=_TO_IMAGES,
    ),
    Api("camelot.{,io.}read_pdf tabula.{,io.}{read_pdf,convert_into}", System.PROCESS, blocks=True, slow=_READS_PDF),
    Api("ocrmypdf.{,api.}ocr", System.PROCESS, blocks=True, slow=_OCR),
)

OFFICE = (
    Api("docx.{,document.}Document().save pptx.{,presentation.}Presentation().save", System.FILE, heavy=_DOCUMENT),
    Api("docxtpl.{,template.}DocxTemplate().{render,save}", System.FILE, heavy=_DOCUMENT),
    Api(
        "mammoth.{convert_to_html,convert_to_markdown,extract_raw_text} markitdown.MarkItDown().convert",
        System.FILE,
        heavy=_CONVERTS,
    ),
    Api(
        "docling.document_converter.DocumentConverter().{convert,convert_all}",
        System.CPU,
        heavy=_CONVERTS,
        slow=_CONVERTS,
    ),
    Api(
        "unstructured.partition.{auto.partition,pdf.partition_pdf,docx.partition_docx,html.partition_html}",
        System.CPU,
        heavy=_CONVERTS,
        slow=_CONVERTS,
    ),
    Api(
        "docx2pdf.convert pypandoc.{convert_file,convert_text} textract.process",
        System.PROCESS,
        blocks=True,
        slow=_CONVERTS,
    ),
    # Tesseract's `timeout=0` is none; it stands sixth in all of these.
    Api(
        "pytesseract.{,pytesseract.}{image_to_string,image_to_data,image_to_boxes,image_to_osd,image_to_pdf_or_hocr}",
        System.PROCESS,
        blocks=True,
        deadline=Deadline(position=5),
        slow=_OCR,
    ),
    Api(
        "easyocr.{,easyocr.}Reader().{readtext,readtext_batched} paddleocr.PaddleOCR().{ocr,predict}",
        System.CPU,
        heavy=_OCR,
        slow=_OCR,
    ),
)

_VIDEO = "renders a video"
_AUDIO = "encodes audio"
_SPEECH = "synthesises speech"
_CLIP = "moviepy.VideoClip()"
_AUDIO_PATHS = "pydub.{,audio_segment.}AudioSegment"

SOUND_AND_VIDEO = (
    # MoviePy: methods of a clip give a clip again.
    Api(
        "moviepy.{,editor.}{VideoClip,VideoFileClip,ImageClip,TextClip,CompositeVideoClip,ImageSequenceClip,"
        "concatenate_videoclips}",
        System.CPU,
        returns=_CLIP,
        fluent=True,
    ),
    Api(
        "moviepy.VideoClip().{write_videofile,write_gif,write_images_sequence}",
        System.PROCESS,
        blocks=True,
        slow=_VIDEO,
    ),
    Api(
        "moviepy.VideoClip().audio.write_audiofile moviepy.{,editor.}AudioFileClip().write_audiofile",
        System.PROCESS,
        blocks=True,
        slow=_AUDIO,
    ),
    # ffmpeg-python: a stream is built up, then run; nothing bounds that.
    Api(
        "ffmpeg.{input,output,concat,overlay,filter,merge_outputs,overwrite_output}",
        System.PROCESS,
        returns="ffmpeg.input()",
        fluent=True,
    ),
    Api("ffmpeg.run ffmpeg.input().run", System.PROCESS, blocks=True, deadline=Deadline(()), slow=_VIDEO),
    Api("ffmpeg.run_async ffmpeg.input().run_async", System.PROCESS, returns="subprocess.Popen()"),
    Api("ffmpeg.probe", System.PROCESS, blocks=True, deadline=Deadline(())),
    Api("ffmpeg.FFmpeg().execute ffmpy.FFmpeg().run", System.PROCESS, blocks=True, slow=_VIDEO),
    # pydub runs ffmpeg for anything but WAV.
    Api(
        f"{_AUDIO_PATHS}.{{from_file,from_mp3,from_ogg,from_flv}}",
        System.PROCESS,
        blocks=True,
        returns="pydub.AudioSegment()",
    ),
    Api(_AUDIO_PATHS, System.CPU, returns="pydub.AudioSegment()", fluent=True),
    Api("pydub.AudioSegment().export", System.PROCESS, blocks=True, slow=_AUDIO),
    Api("librosa.{,core.}load", System.FILE, heavy="decodes audio"),
    # Speech
    Api(
        "gtts.{,tts.}gTTS().{save,write_to_fp}",
        System.HTTP,
        blocks=True,
        deadline=Deadline((), client=("timeout",)),
        slow=_SPEECH,
    ),
    Api("pyttsx3.init().runAndWait TTS.api.TTS().{tts,tts_to_file}", System.CPU, heavy=_SPEECH, slow=_SPEECH),
    # Downloads of video; a read waits 20 s by default.
    Api(
        "{yt_dlp,youtube_dl}.{,YoutubeDL.}YoutubeDL().download",
        System.HTTP,
        blocks=True,
        slow="downloads a video",
    ),
    Api(
        "{yt_dlp,youtube_dl}.{,YoutubeDL.}YoutubeDL().extract_info",
        System.HTTP,
        blocks=True,
        slow="looks a video up",
    ),
)

ROWS: tuple[Api, ...] = (*IMAGES, *FIGURES, *PDFS, *OFFICE, *SOUND_AND_VIDEO)
