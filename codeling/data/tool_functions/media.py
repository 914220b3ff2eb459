"""Media: music, films, radio, podcasts, photos and playback; the player is simulated."""

from __future__ import annotations

from codeling.data.tool_functions.everyday_values import (
    MUSIC_GENRES,
    ROOMS,
    city,
    different,
    full_name,
    thing,
    title,
    topic,
)
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, text
from codeling.data.tool_functions.values import mixed, one_of, whole

_DOMAIN = "media"
_artist = mixed(full_name, lambda random: f"The {thing(random).title()}s")
_FILM_GENRES = ("comedy", "drama", "thriller", "horror", "romance", "documentary", "animation", "western")

FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "play_song",
        _DOMAIN,
        "Play a song",
        (
            text("title", title, names=("song", "track")),
            text("artist", _artist, required=False, names=("singer",)),
            text("room", one_of(ROOMS), required=False, names=("speaker",)),
        ),
        lines("""
            Play "{title}"[ by {artist}][ in the {room}]
            Play the song "{title}"[ by {artist}][ on the {room} speaker]
            Put on "{title}"[ from {artist}][ in the {room}]
            play {title}[ by {artist}][ in the {room}]
            I want to hear the song "{title}"[ by {artist}][ in the {room}]
            Can you play the track {title}[ by {artist}][ in the {room}]?
            Start the song {title}[ sung by {artist}][ in the {room}]
            Let's listen to the song "{title}"[ by {artist}][ in the {room}]
            Music please: "{title}"[ by {artist}][, in the {room}]
            I'm in the mood for the track "{title}"[ of {artist}][ in the {room}]
        """),
        answer("title", playing=True),
        names=("play_music", "play_track"),
    ),
    FunctionSpec(
        "play_genre",
        _DOMAIN,
        "Play music of a genre",
        (
            text("genre", one_of(MUSIC_GENRES), names=("style",)),
            integer("minutes", whole(5, 180), required=False, names=("duration",)),
        ),
        lines("""
            Play some {genre}[ for {minutes} minutes]
            Play {genre} music[ for {minutes} minutes]
            I feel like {genre}[ for {minutes} minutes]
            music: {genre}[, {minutes} min]
            Put on {genre} music[ for the next {minutes} minutes]
            Can we have some {genre} music[ for {minutes} minutes]?
            Start playing {genre}[, {minutes} minutes]
            How about a bit of {genre} music[ during {minutes} minutes]?
            Fill the room with {genre}[ for {minutes} minutes]
            Give me {genre} tunes[, {minutes} minutes long]
        """),
        answer("genre", song=title),
        names=("play_style", "genre_radio"),
    ),
    FunctionSpec(
        "create_playlist",
        _DOMAIN,
        "Create a music playlist",
        (
            text("name", title, names=("title", "playlist")),
            flag("public", "for everyone to see", "only for me", default=False),
        ),
        lines("""
            Create a playlist called "{name}"[ {public}]
            Make a new playlist named "{name}"[ {public}]
            new playlist "{name}"[, {public}]
            I want a playlist with the name "{name}"[ {public}]
            Set up the playlist "{name}"[ {public}]
            Please start a playlist {name}[, {public}]
            Can you make the playlist {name}[ {public}]?
            Let there be a music list titled "{name}"[, {public}]
            My next playlist is going to be called {name}; create it[ {public}]
            Open an empty playlist under the name "{name}"[ {public}]
        """),
        answer("name", id=whole(100, 9999)),
        names=("make_playlist", "new_playlist"),
    ),
    FunctionSpec(
        "add_to_playlist",
        _DOMAIN,
        "Add a song to a playlist",
        (text("song", title, names=("track",)), text("playlist", title, names=("list",))),
        lines("""
            Add the song "{song}" to the playlist "{playlist}"
            Put "{song}" on my playlist "{playlist}"
            playlist "{playlist}": add "{song}"
            I like the song "{song}", add it to "{playlist}"
            Include the track "{song}" in the playlist "{playlist}"
            Save "{song}" in my "{playlist}" playlist
            The playlist "{playlist}" needs the song "{song}"
            My playlist "{playlist}" should get the track "{song}"
            What about "{song}" for the playlist "{playlist}"? Add it
            Append the song "{song}" at the end of playlist "{playlist}"
        """),
        answer("song", "playlist", songs=whole(1, 300)),
        names=("playlist_add", "save_to_playlist"),
        relate=different("playlist", "song", title),
    ),
    FunctionSpec(
        "set_volume",
        _DOMAIN,
        "Set the playback volume",
        (integer("percent", whole(0, 100), names=("level", "volume")),),
        lines("""
            Set the volume to {percent} percent
            Volume {percent}
            Change the volume to {percent}%
            volume at {percent} please
            Make the music {percent} percent loud
            Put the sound at {percent} percent
            I want the volume at {percent}%
            Let the speaker play at {percent}% loudness
            Please adjust the loudness of the player to {percent}
            It is not right for my ears, try a sound level of {percent} percent
        """),
        answer("percent"),
        names=("change_volume", "adjust_volume"),
    ),
    FunctionSpec(
        "find_movies",
        _DOMAIN,
        "Find films by genre and year",
        (
            choice("genre", _FILM_GENRES, names=("kind",)),
            integer("year", whole(1930, 2025), required=False, names=("from_year",)),
            text("director", full_name, required=False),
        ),
        lines("""
            Recommend a {genre} film[ from {year}][ directed by {director}]
            Find me a {genre} movie[ of the year {year}][ by {director}]
            movies: {genre}[ {year}][ by {director}]
            Which {genre} movies[ from {year}] are good[ by the director {director}]?
            I want to watch a {genre}[ made in {year}][ by {director}]
            Show {genre} films[ that came out in {year}][ directed by {director}]
            Suggest a {genre} to watch tonight[, from {year}][, director {director}]
            Is there a nice {genre}[ from {year}][ by {director}] for a movie night?
            What {genre} should I see[, released in {year}][, from director {director}]?
            Let's see a film, {genre} please[, year {year}][, made by {director}]
        """),
        answer("genre", title=title, rating=whole(1, 10)),
        names=("search_movies", "recommend_movie"),
    ),
    FunctionSpec(
        "movie_details",
        _DOMAIN,
        "Director, year and length of a film",
        (text("title", title, names=("movie", "film")),),
        lines("""
            Who directed the film "{title}"?
            How long is the movie "{title}"?
            Tell me about the film "{title}"
            movie info "{title}"
            When did the movie "{title}" come out?
            Give me details on the film "{title}"
            What year is the movie {title} from?
            Look up the film {title} for me
            I heard of a movie called {title}. What do you know about it?
            Is the film "{title}" long? Check its details
        """),
        answer("title", director=full_name, year=whole(1930, 2025), minutes=whole(70, 210)),
        names=("get_movie", "film_info"),
    ),
    FunctionSpec(
        "cinema_times",
        _DOMAIN,
        "When a cinema in a city shows a film",
        (text("title", title, names=("movie", "film")), text("city", city, names=("location",))),
        lines("""
            When is "{title}" shown in the cinemas of {city}?
            Cinema times for "{title}" in {city}
            showtimes "{title}" {city}
            Where can I see "{title}" on the big screen in {city}?
            At what time does a cinema in {city} play "{title}"?
            Is the film "{title}" running in a cinema in {city}?
            Find screenings of "{title}" in {city}
            I want to go to the movies in {city} and see "{title}". When does it start?
            Which movie theaters in {city} show "{title}"?
            Cinema in {city}: when do they have "{title}"?
        """),
        answer(
            "title",
            "city",
            times=lambda random: [f"{random.randint(13, 22)}:{random.choice(('00', '15', '30', '45'))}"],
        ),
        names=("showtimes", "movie_times"),
    ),
    FunctionSpec(
        "find_podcast",
        _DOMAIN,
        "Find a podcast about a topic",
        (
            text("topic", topic, names=("subject", "query")),
            integer("max_minutes", whole(10, 120), "longest episode", required=False),
        ),
        lines("""
            Find a podcast about {topic}[ with episodes under {max_minutes} minutes]
            Which podcasts deal with {topic}[ and are shorter than {max_minutes} minutes]?
            podcast {topic}[, max {max_minutes} min]
            I want to listen to a podcast on {topic}[ of at most {max_minutes} minutes]
            Recommend a podcast about {topic}[, up to {max_minutes} minutes]
            Is there a good podcast on {topic}[ below {max_minutes} minutes]?
            Search podcasts for {topic}[, no longer than {max_minutes} minutes]
            Something to hear on my way to work about {topic}, a podcast[ within {max_minutes} minutes]
            What podcast would teach me about {topic}[ in {max_minutes} minutes or less]?
            Get me podcast episodes on {topic}[, limit {max_minutes} minutes]
        """),
        answer("topic", podcast=title, minutes=whole(8, 120)),
        names=("search_podcasts", "podcast_search"),
    ),
    FunctionSpec(
        "find_lyrics",
        _DOMAIN,
        "Lyrics of a song",
        (text("title", title, names=("song",)), text("artist", _artist, required=False, names=("singer",))),
        lines("""
            Show me the lyrics of "{title}"[ by {artist}]
            What are the lyrics to "{title}"[ by {artist}]?
            lyrics "{title}"[ {artist}]
            Find the words of the song "{title}"[ by {artist}]
            I want to sing "{title}"[ by {artist}], get the lyrics
            Give me the text of the song "{title}"[ by {artist}]
            How do the lyrics of {title} go[, the one by {artist}]?
            Let me read along with the song "{title}"[ by {artist}]
            What do they sing in "{title}"[ by {artist}]? Show the words
            I can't remember the text of the song {title}[ by {artist}]
        """),
        answer("title", first_line=lambda random: f"Oh {thing(random)}, oh {thing(random)}"),
        names=("get_lyrics", "song_text"),
    ),
    FunctionSpec(
        "skip_seconds",
        _DOMAIN,
        "Jump forward or back in playback",
        (choice("direction", ("forward", "back")), integer("seconds", whole(5, 300), names=("duration",))),
        lines("""
            Skip {direction} {seconds} seconds
            Go {direction} {seconds} seconds in the video
            Jump {seconds} seconds {direction}
            {direction} {seconds}s
            Move the playback {direction} by {seconds} seconds
            Wind the film {direction} {seconds} seconds
            Please skip {seconds} seconds {direction} in this episode
            I want to go {direction} by {seconds} seconds
            Take the player {seconds} seconds {direction}
            {seconds} seconds {direction} in this song, please
        """),
        answer("direction", "seconds", position=whole(0, 5000)),
        names=("seek", "jump_playback"),
    ),
    FunctionSpec(
        "resize_photo",
        _DOMAIN,
        "Change the size of a photo",
        (
            text(
                "photo",
                lambda random: f"{thing(random).replace(' ', '_')}.{random.choice(('jpg', 'png', 'webp'))}",
                names=("image", "file"),
            ),
            integer("width", whole(64, 4000), "pixels"),
            integer("height", whole(64, 4000), "pixels"),
        ),
        lines("""
            Resize {photo} to a width of {width} and a height of {height} pixels
            Make the photo {photo} {width} by {height} pixels
            resize {photo} {width}x{height}
            Scale the picture {photo} to {width} x {height}
            Change the size of {photo} to {width} times {height} pixels
            I need {photo} in {width}x{height}
            The image {photo} should be {width} pixels wide and {height} pixels high
            Can you give me {photo} at {width} by {height}?
            Shrink or stretch the photo {photo} to {width}x{height} pixels
            {photo} has the wrong size; I want width {width}, height {height}
        """),
        answer("photo", "width", "height"),
        names=("scale_image", "resize_image"),
    ),
)
